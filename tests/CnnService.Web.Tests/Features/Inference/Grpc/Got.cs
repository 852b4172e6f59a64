using Grpc.Core;

namespace CnnService.Web.Tests.Features.Inference.Grpc;

/// <summary>An inference answer, whatever it travelled by.</summary>
/// <param name="Status">OK, or what the failure is in gRPC.</param>
/// <param name="Error">The sentence of a failure; empty otherwise.</param>
internal sealed record Got(StatusCode Status, string Error)
{
    public string Id { get; init; } = string.Empty;

    public string Model { get; init; } = string.Empty;

    public string Version { get; init; } = string.Empty;

    public IReadOnlyList<GotTensor> Outputs { get; init; } = [];
}

/// <param name="Numbers">Float32 values; empty if there are texts.</param>
/// <param name="Texts">Elements of a BYTES tensor.</param>
internal sealed record GotTensor(string Name, string Datatype, long[] Shape, float[] Numbers, string[] Texts);
