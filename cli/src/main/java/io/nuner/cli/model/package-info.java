/** {@code nuner fetch} and {@code nuner export}, and what other commands need to open a model. */
@NullMarked
package io.nuner.cli.model;

import org.jspecify.annotations.NullMarked;
