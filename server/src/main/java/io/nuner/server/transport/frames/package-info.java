/** HTTP/2 frames (RFC 9113) as bytes: taken apart, put together, made. */
@NullMarked
package io.nuner.server.transport.frames;

import org.jspecify.annotations.NullMarked;
