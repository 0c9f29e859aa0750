/** Compiling a graph in a process of its own. */
@NullMarked
package io.nuner.engine.trt.binding.compiler;

import org.jspecify.annotations.NullMarked;
