/** From an exported model to plans for one GPU: typing, compiling in a process of its own. */
@NullMarked
package io.nuner.engine.trt.build;

import org.jspecify.annotations.NullMarked;
