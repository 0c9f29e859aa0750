@NullMarked
package io.nuner.gputest.measure;

import org.jspecify.annotations.NullMarked;
