/** Answers on their way out: the size of one, and how many bytes of them may wait for a connection, an address and all. */
@NullMarked
package io.nuner.server.answers;

import org.jspecify.annotations.NullMarked;
