/** The gRPC front: bytes to checked requests, answers to messages, and the one mapping of refusals to status codes. */
@NullMarked
package io.nuner.server.rpc;

import org.jspecify.annotations.NullMarked;
