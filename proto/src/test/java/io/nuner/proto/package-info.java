@NullMarked
package io.nuner.proto;

import org.jspecify.annotations.NullMarked;
