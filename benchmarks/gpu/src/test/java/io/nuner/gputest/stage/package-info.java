@NullMarked
package io.nuner.gputest.stage;

import org.jspecify.annotations.NullMarked;
