/** Sockets and HTTP/2: who may connect, what a connection may hold and how much noise it may make. */
@NullMarked
package io.nuner.server.transport;

import org.jspecify.annotations.NullMarked;
