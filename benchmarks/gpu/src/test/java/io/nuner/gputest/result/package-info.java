@NullMarked
package io.nuner.gputest.result;

import org.jspecify.annotations.NullMarked;
