@NullMarked
package io.nuner.races;

import org.jspecify.annotations.NullMarked;
