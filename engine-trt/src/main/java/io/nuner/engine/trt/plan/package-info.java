/** Compiled plans on disk: what names them, who signed them, and whether they may be handed to native code. */
@NullMarked
package io.nuner.engine.trt.plan;

import org.jspecify.annotations.NullMarked;
