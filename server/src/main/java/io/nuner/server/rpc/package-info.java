/**
 * The gRPC front: bytes to checked requests, answers to messages, and the one mapping of refusals to status codes.
 *
 * <p>{@link io.nuner.server.rpc.ExtractionService} has a method for each RPC; {@link io.nuner.server.rpc.UnaryAnswer}, {@link
 * io.nuner.server.rpc.BatchAnswer}, {@link io.nuner.server.rpc.DocumentAnswer} and {@link io.nuner.server.rpc.TextStream} are the
 * sending sides of the four that hold texts.
 */
@NullMarked
package io.nuner.server.rpc;

import org.jspecify.annotations.NullMarked;
