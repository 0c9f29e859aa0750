/** Clients that do what no honest client does, on loopback only. */
@NullMarked
package io.nuner.server.attack;

import org.jspecify.annotations.NullMarked;
