using System.Text;

namespace CnnService.Web.Tests.Features.Models;

/// <summary>
/// Networks written byte by byte in the format's own terms: one whose weights lie in a second file, the mean red and the mean blue of an
/// image of 8x8, four times each; and one of tensors.
/// </summary>
internal static class SplitModel
{
    public const string DataFile = "weights.bin";

    public static (byte[] Network, byte[] Data) Create()
    {
        float[] choose = [4, 0, 0, 4], look = [1, 0, 0, 0, 0, 1];
        byte[] data = [.. look.Concat(choose).SelectMany(BitConverter.GetBytes)];
        byte[] graph =
        [
            .. Node("Conv", "look", ["x", "look.weight"], "maps"),
            .. Node("GlobalAveragePool", "mean", ["maps"], "means"),
            .. Node("Flatten", "flat", ["means"], "flat"),
            .. Node("MatMul", "choose", ["flat", "choose.weight"], "scores"),
            .. Node("Softmax", "softmax", ["scores"], "prob"),
            .. Text(2, "split"),
            .. Tensor("look.weight", 0, look.Length, 2, 3, 1, 1),
            .. Tensor("choose.weight", look.Length, choose.Length, 2, 2),
            .. Field(11, Value("x", 3, 8, 8)),
            .. Field(12, Value("prob", 2)),
        ];
        return (File(graph), data);
    }

    /// <summary>The red and blue of each pixel, rounded up by an operator that no layer stands for: tensors, and no classes.</summary>
    public static byte[] Tensors() => File(
    [
        .. Node("Ceil", "up", ["x"], "boxes"),
        .. Node("Identity", "same", ["x"], "scores"),
        .. Text(2, "tensors"),
        .. Field(11, Value("x", 3, 8, 8)),
        .. Field(12, Value("boxes", 3, 8, 8)),
        .. Field(12, Value("scores", 3, 8, 8)),
    ]);

    private static byte[] File(byte[] graph) => [.. Number(1, 8), .. Field(7, graph), .. Field(8, [.. Number(2, 17)])];

    private static byte[] Node(string operation, string name, string[] inputs, string output) =>
        Field(1, [.. inputs.SelectMany(input => Text(1, input)), .. Text(2, output), .. Text(3, name), .. Text(4, operation)]);

    private static byte[] Tensor(string name, int first, int count, params int[] dims) => Field(5,
    [
        .. dims.SelectMany(size => Number(1, size)), .. Number(2, 1), .. Text(8, name),
        .. Entry("location", DataFile), .. Entry("offset", $"{first * sizeof(float)}"), .. Entry("length", $"{count * sizeof(float)}"),
        .. Number(14, 1),
    ]);

    private static byte[] Entry(string key, string value) => Field(13, [.. Text(1, key), .. Text(2, value)]);

    private static byte[] Value(string name, params int[] sizes)
    {
        byte[] shape = [.. Field(1, Text(2, "N")), .. sizes.SelectMany(size => Field(1, Number(1, size)))];
        return [.. Text(1, name), .. Field(2, Field(1, [.. Number(1, 1), .. Field(2, shape)]))];
    }

    private static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int field, byte[] content) => [.. Varint((field << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Number(int field, int value) => [.. Varint(field << 3), .. Varint(value)];

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
