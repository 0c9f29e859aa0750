/** {@code nuner engine}, and the choice of an engine. */
@NullMarked
package io.nuner.cli.engine;

import org.jspecify.annotations.NullMarked;
