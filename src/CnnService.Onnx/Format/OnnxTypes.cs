namespace CnnService.Onnx.Format;

/// <summary>Constants of the ONNX standard: element types of tensors, and the versions that are written and read.</summary>
internal static class OnnxTypes
{
    public const int Float = 1;

    public const int UInt8 = 2;

    public const int Int8 = 3;

    public const int UInt16 = 4;

    public const int Int16 = 5;

    public const int Int32 = 6;

    public const int Int64 = 7;

    public const int Boolean = 9;

    public const int Float16 = 10;

    public const int Double = 11;

    public const int UInt32 = 12;

    public const int UInt64 = 13;

    public const int BFloat16 = 16;

    /// <summary>IR version 8, written with operator set 17: supported by all runtimes of recent years.</summary>
    public const int IrVersion = 8;

    public const int OperatorSet = 17;

    /// <summary>
    /// The range of operator sets that can be imported: from the first with today's broadcasting to the newest that OnnxRuntime
    /// fully supports.
    /// </summary>
    public const int OldestOperatorSet = 7;

    public const int NewestOperatorSet = 23;

    /// <summary>Bytes of a value; null for types whose values have no whole number of bytes, or none of their own.</summary>
    public static int? WidthOf(int type) => type switch
    {
        UInt8 or Int8 or Boolean => 1,
        UInt16 or Int16 or Float16 or BFloat16 => 2,
        Float or Int32 or UInt32 => 4,
        Int64 or Double or UInt64 => 8,
        _ => null,
    };
}
