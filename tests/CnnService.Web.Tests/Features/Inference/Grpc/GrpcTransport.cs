using CnnService.Web.Features.Inference.Grpc;
using Google.Protobuf;
using Grpc.Core;

namespace CnnService.Web.Tests.Features.Inference.Grpc;

/// <summary>gRPC, with the tensors as raw or as typed contents.</summary>
internal sealed class GrpcTransport(GrpcClient client, bool isRaw) : ITransport
{
    public async Task<Got> InferAsync(string model, string? version, Sent sent)
    {
        try
        {
            return Read(await client.CallAsync<ModelInferRequest, ModelInferResponse>("ModelInfer", RequestOf(model, version, sent)));
        }
        catch (RpcException failure)
        {
            return new Got(failure.StatusCode, failure.Status.Detail);
        }
    }

    private ModelInferRequest RequestOf(string model, string? version, Sent sent)
    {
        var request = new ModelInferRequest { ModelName = model, ModelVersion = version ?? string.Empty, Id = sent.Id ?? string.Empty };
        foreach (var tensor in sent.Inputs)
        {
            var input = new ModelInferRequest.Types.InferInputTensor { Name = tensor.Name, Datatype = tensor.Datatype };
            input.Shape.Add(tensor.Shape);
            request.Inputs.Add(input);
            if (isRaw)
            {
                request.RawInputContents.Add(ByteString.CopyFrom(HttpTransport.BytesOf(tensor)));
            }
            else
            {
                input.Contents = ContentsOf(tensor);
            }
        }

        foreach (var (name, classes) in sent.Outputs)
        {
            var output = new ModelInferRequest.Types.InferRequestedOutputTensor { Name = name };
            if (classes is { } count)
            {
                output.Parameters.Add("classification", new InferParameter { Int64Param = count });
            }

            request.Outputs.Add(output);
        }

        return request;
    }

    private static InferTensorContents ContentsOf(SentTensor tensor)
    {
        var contents = new InferTensorContents();
        switch (tensor.Datatype)
        {
            case "BYTES":
                contents.BytesContents.Add(tensor.Files.Select(file => ByteString.CopyFrom(file)));
                break;
            case "UINT8":
                contents.UintContents.Add(tensor.Numbers.Select(value => (uint)value));
                break;
            case "INT32":
                contents.IntContents.Add(tensor.Numbers.Select(value => (int)value));
                break;
            default:
                contents.Fp32Contents.Add(tensor.Numbers);
                break;
        }

        return contents;
    }

    private Got Read(ModelInferResponse response)
    {
        Assert.Equal(isRaw ? response.Outputs.Count : 0, response.RawOutputContents.Count);
        var outputs = response.Outputs.Select((output, index) =>
        {
            Assert.Equal(isRaw, output.Contents is null);
            var (numbers, texts) = isRaw
                ? HttpTransport.Parse(output.Datatype, response.RawOutputContents[index].Span)
                : ([.. output.Contents!.Fp32Contents], [.. output.Contents.BytesContents.Select(text => text.ToStringUtf8())]);
            return new GotTensor(output.Name, output.Datatype, [.. output.Shape], numbers, texts);
        });
        return new Got(StatusCode.OK, string.Empty)
        {
            Id = response.Id,
            Model = response.ModelName,
            Version = response.ModelVersion,
            Outputs = [.. outputs],
        };
    }
}
