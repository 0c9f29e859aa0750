/** Compiled plans on disk: what names them, whose they are, and whether they may be handed to native code. */
@NullMarked
package io.nuner.engine.trt.plan;

import org.jspecify.annotations.NullMarked;
