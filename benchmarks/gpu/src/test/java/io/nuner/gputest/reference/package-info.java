@NullMarked
package io.nuner.gputest.reference;

import org.jspecify.annotations.NullMarked;
