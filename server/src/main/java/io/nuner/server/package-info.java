/** The server as a whole: its wiring and the one place of start and stop order. */
@NullMarked
package io.nuner.server;

import org.jspecify.annotations.NullMarked;
