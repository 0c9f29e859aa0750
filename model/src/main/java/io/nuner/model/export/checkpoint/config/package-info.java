/** What the configuration files of a checkpoint say. */
@NullMarked
package io.nuner.model.export.checkpoint.config;

import org.jspecify.annotations.NullMarked;
