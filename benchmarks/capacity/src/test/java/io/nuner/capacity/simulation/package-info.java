@NullMarked
package io.nuner.capacity.simulation;

import org.jspecify.annotations.NullMarked;
