using System.Globalization;
using CnnService.Core.Common;
using Google.Protobuf;

namespace CnnService.Web.Features.Inference.Grpc;

/// <summary>Reads inference requests from messages, into what the HTTP form reads its JSON into.</summary>
internal static class RpcRequest
{
    /// <summary>Parses a request. Problem: <c>inference.invalid</c>. Answered in raw contents if it has them.</summary>
    public static Outcome<InferenceRequest> Read(ModelInferRequest message)
    {
        var (inputs, raw) = (message.Inputs, message.RawInputContents);
        if (InferenceRequest.CountProblem(inputs.Count, message.Outputs.Count) is { } miscounted)
        {
            return miscounted;
        }

        if (raw.Count > 0 && raw.Count != inputs.Count)
        {
            return InferenceRequest.Invalid(
                $"raw_input_contents must hold the data of all {inputs.Count} inputs or of none, received {raw.Count}");
        }

        return Outcome.All(inputs.Select((input, index) => Read(input, raw.Count > 0 ? raw[index] : null))).Bind(read =>
            Outcome.All(message.Outputs.Select(Read)).Bind(InferenceRequest.Chosen).Map(outputs =>
                new InferenceRequest(message.Id.Length > 0 ? message.Id : null, read, outputs, BinaryOutput: raw.Count > 0)));
    }

    /// <summary>The raw contents of the input, of which a request that can be run has one; empty if they are of another form.</summary>
    public static InferenceBody BodyOf(ModelInferRequest message) =>
        InferenceBody.From(message.RawInputContents.Count > 0 ? message.RawInputContents[0].Memory : ReadOnlyMemory<byte>.Empty);

    private static Outcome<RequestedInput> Read(ModelInferRequest.Types.InferInputTensor input, ByteString? raw) =>
        RequestedInput.Create(input.Name, input.Datatype, input.Shape).Bind(tensor => (raw, input.Contents) switch
        {
            ({ } bytes, null) => tensor.WithBytes(bytes.Length),
            (null, { } contents) when tensor.Datatype == RequestedInput.ByteText =>
                tensor.WithFiles([.. contents.BytesContents.Select(file => file.Memory)]),
            (null, { } contents) => tensor.WithNumbers(NumbersOf(contents, tensor.Datatype)),
            (null, null) => InferenceRequest.Invalid($"input '{tensor.Name}' needs contents or raw_input_contents"),
            _ => InferenceRequest.Invalid($"input '{tensor.Name}' must not have both contents and raw_input_contents"),
        });

    private static Outcome<RequestedOutput> Read(ModelInferRequest.Types.InferRequestedOutputTensor output) =>
        output.Name.Length == 0 ? RequestedOutput.Nameless
        : output.Parameters.TryGetValue("classification", out var wanted)
            ? RequestedOutput.Create(output.Name, null, WholeNumber(wanted), TextOf(wanted))
        : new RequestedOutput(output.Name, null, 0);

    private static long? WholeNumber(InferParameter parameter) => parameter.ParameterChoiceCase switch
    {
        InferParameter.ParameterChoiceOneofCase.Int64Param => parameter.Int64Param,
        InferParameter.ParameterChoiceOneofCase.Uint64Param => (long)Math.Min(parameter.Uint64Param, long.MaxValue),
        _ => null,
    };

    private static string TextOf(InferParameter parameter) =>
        WholeNumber(parameter)?.ToString(CultureInfo.InvariantCulture) ?? ReceivedText.Text(parameter.ToString());

    /// <summary>The values in the list for a data type.</summary>
    private static float[] NumbersOf(InferTensorContents contents, string datatype) => datatype switch
    {
        "BOOL" => [.. contents.BoolContents.Select(value => value ? 1f : 0f)],
        "INT8" or "INT16" or "INT32" => [.. contents.IntContents.Select(value => (float)value)],
        "INT64" => [.. contents.Int64Contents.Select(value => (float)value)],
        RequestedInput.UInt8 or "UINT16" or "UINT32" => [.. contents.UintContents.Select(value => (float)value)],
        "UINT64" => [.. contents.Uint64Contents.Select(value => (float)value)],
        "FP64" => [.. contents.Fp64Contents.Select(value => (float)value)],
        _ => [.. contents.Fp32Contents],
    };
}
