/** What a run found: figures, stages, their file and their table. */
@NullMarked
package io.nuner.gputest.result;

import org.jspecify.annotations.NullMarked;
