@NullMarked
package io.nuner.capacity;

import org.jspecify.annotations.NullMarked;
