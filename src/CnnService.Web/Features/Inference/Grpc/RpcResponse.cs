using System.Buffers;
using System.Globalization;
using CnnService.Core.Classification;
using CnnService.Core.Models;
using Google.Protobuf;

namespace CnnService.Web.Features.Inference.Grpc;

/// <summary>Writes the response to an inference request as a message.</summary>
internal static class RpcResponse
{
    public static ModelInferResponse From(LoadedModel model, InferenceRequest request, TensorAnswer answer)
    {
        var message = new ModelInferResponse
        {
            ModelName = model.Name,
            ModelVersion = model.Version.ToString(CultureInfo.InvariantCulture),
            Id = request.Id ?? string.Empty,
        };
        message.Parameters.Add("queueMs", new() { DoubleParam = InferenceResponse.Milliseconds(answer.Queue) });
        message.Parameters.Add("inferenceMs", new() { DoubleParam = InferenceResponse.Milliseconds(answer.Inference) });
        message.Parameters.Add("batchSize", new() { Int64Param = answer.BatchSize });
        message.Parameters.Add("device", new() { StringParam = answer.Device });
        foreach (var output in AnsweredOutput.From(model, request, answer))
        {
            var tensor = new ModelInferResponse.Types.InferOutputTensor { Name = output.Name, Datatype = output.Datatype };
            tensor.Shape.Add(output.Shape);
            message.Outputs.Add(tensor);
            if (output.IsBinary)
            {
                message.RawOutputContents.Add(BytesOf(output));
            }
            else
            {
                tensor.Contents = ContentsOf(output);
            }
        }

        return message;
    }

    private static ByteString BytesOf(AnsweredOutput output)
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(1, output.Values.Length * sizeof(float)));
        output.WriteBytes(bytes);
        return UnsafeByteOperations.UnsafeWrap(bytes.WrittenMemory); // Nothing writes to it from here on.
    }

    private static InferTensorContents ContentsOf(AnsweredOutput output)
    {
        var contents = new InferTensorContents();
        if (output.Texts is { } texts)
        {
            contents.BytesContents.Add(texts.Select(ByteString.CopyFromUtf8));
        }
        else
        {
            contents.Fp32Contents.Add(output.Values.ToArray());
        }

        return contents;
    }
}
