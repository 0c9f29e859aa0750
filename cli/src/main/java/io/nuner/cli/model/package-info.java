/** {@code nuner fetch} and {@code nuner export}, and the cache of exported models. */
@NullMarked
package io.nuner.cli.model;

import org.jspecify.annotations.NullMarked;
