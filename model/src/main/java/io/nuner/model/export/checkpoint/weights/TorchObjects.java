package io.nuner.model.export.checkpoint.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The only names that a pickle may hold, and the plain records that they become. */
final class TorchObjects {
    private static final String DICTIONARY = "collections.OrderedDict";
    private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
    private static final String PARAMETER = "torch._utils._rebuild_parameter";
    private static final Map<String, ElementType> STORAGES = Map.of(
            "torch.DoubleStorage", ElementType.F64,
            "torch.FloatStorage", ElementType.F32,
            "torch.HalfStorage", ElementType.F16,
            "torch.BFloat16Storage", ElementType.BF16,
            "torch.LongStorage", ElementType.I64,
            "torch.IntStorage", ElementType.I32,
            "torch.ShortStorage", ElementType.I16,
            "torch.CharStorage", ElementType.I8,
            "torch.ByteStorage", ElementType.U8,
            "torch.BoolStorage", ElementType.BOOL);

    private TorchObjects() {}

    /** A known name; it stands for no code. */
    record Name(String name) {}

    /** Values in an entry of the archive. */
    record Storage(ElementType type, String key, long elements) {}

    /** A view on a storage; offset and strides count elements. */
    record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

    static Name name(String module, String attribute) throws PickleRefused {
        String name = module + "." + attribute;
        if (name.equals(DICTIONARY) || name.equals(TENSOR) || name.equals(PARAMETER) || STORAGES.containsKey(name)) {
            return new Name(name);
        }
        throw new PickleRefused("the name " + name);
    }

    /** The record that a call of the name gives. */
    static Object make(Name name, List<Object> arguments) throws PickleRefused {
        return switch (name.name()) {
            case DICTIONARY -> dictionary(arguments);
            case TENSOR -> tensor(arguments);
            case PARAMETER -> parameter(arguments);
            default -> throw new PickleRefused("a call of " + name.name());
        };
    }

    /** The storage of a persistent id: ('storage', type, key, device, elements). */
    static Storage storage(List<Object> id) throws PickleRefused {
        boolean known = id.size() == 5
                && "storage".equals(id.get(0))
                && id.get(1) instanceof Name
                && id.get(2) instanceof String
                && id.get(4) instanceof Long;
        ElementType type = known ? STORAGES.get(((Name) id.get(1)).name()) : null;
        if (type == null) {
            throw new PickleRefused("a persistent id that is no storage");
        }
        return new Storage(type, (String) id.get(2), (Long) id.get(4));
    }

    private static Map<String, Object> dictionary(List<Object> arguments) throws PickleRefused {
        if (!arguments.isEmpty()) {
            throw new PickleRefused("a dictionary that is made of something");
        }
        return new LinkedHashMap<>();
    }

    private static Tensor tensor(List<Object> arguments) throws PickleRefused {
        boolean known = arguments.size() >= 6
                && arguments.get(0) instanceof Storage
                && arguments.get(1) instanceof Long
                && arguments.get(2) instanceof List<?>
                && arguments.get(3) instanceof List<?>;
        if (!known) {
            throw new PickleRefused("a tensor that is not made of a storage, an offset, a shape and strides");
        }
        List<Long> shape = numbers((List<?>) arguments.get(2));
        List<Long> strides = numbers((List<?>) arguments.get(3));
        return new Tensor((Storage) arguments.get(0), (Long) arguments.get(1), shape, strides);
    }

    private static Tensor parameter(List<Object> arguments) throws PickleRefused {
        if (arguments.isEmpty() || !(arguments.get(0) instanceof Tensor tensor)) {
            throw new PickleRefused("a parameter that is no tensor");
        }
        return tensor;
    }

    private static List<Long> numbers(List<?> values) throws PickleRefused {
        List<Long> numbers = new ArrayList<>();
        for (Object value : values) {
            if (!(value instanceof Long number) || number < 0 || number > Integer.MAX_VALUE || numbers.size() == 8) {
                throw new PickleRefused("a shape or strides that cannot be");
            }
            numbers.add(number);
        }
        return List.copyOf(numbers);
    }
}
