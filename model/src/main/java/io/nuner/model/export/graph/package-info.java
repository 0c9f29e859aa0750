/** The two graphs of a model, written down operator by operator. */
@NullMarked
package io.nuner.model.export.graph;

import org.jspecify.annotations.NullMarked;
