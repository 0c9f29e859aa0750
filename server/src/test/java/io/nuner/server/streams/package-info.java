/** Calls of several messages, against a whole server. */
@NullMarked
package io.nuner.server.streams;

import org.jspecify.annotations.NullMarked;
