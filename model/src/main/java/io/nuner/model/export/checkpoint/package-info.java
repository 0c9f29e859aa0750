/** Reads checkpoints without trusting them: safetensors, torch archives, and their configuration. */
@NullMarked
package io.nuner.model.export.checkpoint;

import org.jspecify.annotations.NullMarked;
