/** What each stage does, inside its own process. */
@NullMarked
package io.nuner.gputest.stage;

import org.jspecify.annotations.NullMarked;
