/** What compiles a graph into a plan for one GPU, as the engine sees it. Knows no binding. */
@NullMarked
package io.nuner.engine.trt.build;

import org.jspecify.annotations.NullMarked;
