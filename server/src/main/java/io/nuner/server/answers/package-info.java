/** Answers on their way out: how large one may be, and how many bytes of them may wait for whom. */
@NullMarked
package io.nuner.server.answers;

import org.jspecify.annotations.NullMarked;
