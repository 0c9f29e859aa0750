@NullMarked
package io.nuner.gputest;

import org.jspecify.annotations.NullMarked;
