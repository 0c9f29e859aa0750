@NullMarked
package io.nuner.gputest.options;

import org.jspecify.annotations.NullMarked;
