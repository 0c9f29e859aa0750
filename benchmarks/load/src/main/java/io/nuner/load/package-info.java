/**
 * The load harness: calls sent at times fixed beforehand, measured from those times, and every one of them accounted for.
 * Knows the wire contract only, never the server.
 */
@NullMarked
package io.nuner.load;

import org.jspecify.annotations.NullMarked;
