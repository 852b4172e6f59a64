namespace CnnService.Web.Tests.Features.Inference.Grpc;

/// <summary>An inference request, whatever it travels by.</summary>
/// <param name="Inputs">Its tensors.</param>
/// <param name="Outputs">The outputs asked for, with the parameter classification or none; empty: those of the metadata.</param>
internal sealed record Sent(IReadOnlyList<SentTensor> Inputs, params (string Name, int? Classes)[] Outputs)
{
    public string? Id { get; init; }

    public static Sent One(SentTensor tensor, params (string Name, int? Classes)[] outputs) => new([tensor], outputs);
}

/// <param name="Numbers">Values of any data type but BYTES.</param>
/// <param name="Files">Elements of a BYTES tensor.</param>
internal sealed record SentTensor(string Name, string Datatype, long[] Shape, float[] Numbers, byte[][] Files)
{
    public static SentTensor Planes(float[] values, params long[] shape) => new("input", "FP32", shape, values, []);

    public static SentTensor Pixels(float[] values, params long[] shape) => new("pixels", "UINT8", shape, values, []);

    public static SentTensor Images(params byte[][] files) => new("image", "BYTES", [files.Length], [], files);
}
