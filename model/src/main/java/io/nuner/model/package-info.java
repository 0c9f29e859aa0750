@NullMarked
package io.nuner.model;

import org.jspecify.annotations.NullMarked;
