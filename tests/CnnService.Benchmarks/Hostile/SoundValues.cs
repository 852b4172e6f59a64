using System.Text;
using System.Text.Json.Nodes;

namespace CnnService.Benchmarks.Hostile;

/// <summary>
/// Values that the service accepts, so that a broken one is seen behind the first check: names of what there is, small sizes, short waits.
/// What deletes or unloads gets the name of nothing.
/// </summary>
/// <param name="model">A trained model and the data set of the same name.</param>
/// <param name="layer">A convolution of it.</param>
/// <param name="run">Its run.</param>
/// <param name="image">An image of the data set.</param>
/// <param name="file">The image's bytes.</param>
internal sealed class SoundValues(string model, string layer, string run, string image, byte[] file)
{
    private const string Nothing = "nothing";

    private static readonly Dictionary<string, string> Small = new(StringComparer.Ordinal)
    {
        ["iterations"] = "16",
        ["size"] = "32",
        ["count"] = "2",
        ["frames"] = "2",
        ["images"] = "20",
        ["samples"] = "2",
        ["steps"] = "4",
        ["wait"] = "0",
        ["limit"] = "5",
        ["offset"] = "0",
        ["filter"] = "0",
        ["version"] = "1",
        ["classes"] = "3",
        ["top"] = "2",
        ["seed"] = "1",
        ["hours"] = "1",
        ["smoothing"] = "0.5",
        ["preset"] = "lenet5",
        ["alias"] = "latest",
        ["direction"] = "0",
        ["diversity"] = "1",
    };

    public byte[] File => file;

    public string Value(ApiOperation operation, ApiParameter parameter) => parameter.Name switch
    {
        _ when parameter.IsInPath && IsDestructive(operation) && parameter.Type != "integer" => Nothing,
        "image" => operation.Path.StartsWith("/datasets", StringComparison.Ordinal) ? image : $"{model}/{image}",
        "name" or "model" or "dataset" => model,
        "layer" => layer,
        "class" or "trueClass" or "predicted" => "circle",
        "id" when operation.Path.StartsWith("/datasets", StringComparison.Ordinal) => image,
        "id" => run,
        _ when Small.TryGetValue(parameter.Name, out var small) => small,
        _ when parameter.Choices.Count > 0 => parameter.Choices[0],
        _ => parameter.Type switch
        {
            "integer" => "1",
            "number" => "0.5",
            "boolean" => "true",
            _ => parameter.Example ?? Nothing,
        },
    };

    /// <summary>A body as the operation's example has it, else one made from its schema.</summary>
    public JsonNode Json(ApiOperation operation, ApiBody body) => operation.Path switch
    {
        "/train" => JsonNode.Parse($$$$"""
            {"dataset":"{{{{model}}}}","model":"hostile","epochs":1,"imageSize":16,"batchSize":8,"seed":1,"optimizer":{"name":"adam",
            "learningRate":0.001},"schedule":{"name":"constant"},"augmentation":"none","earlyStopping":{"patience":2},
            "classWeights":{"circle":1}}
            """)!,
        "/sweeps" => JsonNode.Parse($$$$"""
            {"base":{"dataset":"{{{{model}}}}","epochs":1,"imageSize":16},"random":{"trials":2,"seed":1,"fields":{"optimizer.learningRate":
            {"from":0.0001,"to":0.01,"scale":"log"},"batchSize":[8,16]}},"parallel":1,"halving":{"factor":2,"firstEpochs":1}}
            """)!,
        "/architectures/describe" => JsonNode.Parse("""
            {"input":{"height":32,"width":32,"channels":3},"layers":[{"type":"conv2d","name":"c","filters":8,"kernelSize":[3,3],"strides":1,
            "padding":"same"},{"type":"maxPooling2d","poolSize":2},{"type":"conv2d","filters":8,"kernelSize":3,"inputs":["c"]},
            {"type":"flatten"},{"type":"dropout","rate":0.5},{"type":"dense","units":"classes"}]}
            """)!,
        _ when operation.Path.EndsWith("/infer", StringComparison.Ordinal) => JsonNode.Parse($$$$"""
            {"id":"1","inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":["{{{{Convert.ToBase64String(file)}}}}"]}],
            "outputs":[{"name":"probabilities","parameters":{"classification":2}}],"parameters":{"binary_data_output":false}}
            """)!,
        "/classify/base64" => new JsonObject { ["images"] = new JsonArray(Convert.ToBase64String(file)) },
        _ => body.Example?.DeepClone() ?? new JsonObject(),
    };

    /// <summary>The parts of a form.</summary>
    public IReadOnlyList<(string Name, string? FileName, byte[] Content)> Form(ApiOperation operation) => operation.Path switch
    {
        "/models" => [("name", null, "hostile"u8.ToArray()), ("architecture", null, "lenet5"u8.ToArray()),
            ("labels", null, "a\nb\nc"u8.ToArray()), ("preprocessing", null, "rescale"u8.ToArray()),
            ("file", "w.safetensors", Safetensors())],
        "/datasets" => [("name", null, Encoding.UTF8.GetBytes(model)), ("validationFraction", null, "0.2"u8.ToArray()),
            ("file", "a.zip", "PK\u0005\u0006"u8.ToArray())],
        _ when operation.Path.EndsWith("/images", StringComparison.Ordinal) =>
            [("split", null, "train"u8.ToArray()), ("class", null, "circle"u8.ToArray()), ("files", "a.jpg", "no image"u8.ToArray())],
        _ => [("files", "a.jpg", file)],
    };

    /// <summary>
    /// Whether a sound request would take away what the other requests need, or stop them for long: such requests name nothing that exists.
    /// </summary>
    private static bool IsDestructive(ApiOperation operation) => operation.Method == "DELETE"
        || operation.Path.EndsWith("/unload", StringComparison.Ordinal) || operation.Path.EndsWith("/resume", StringComparison.Ordinal);

    private static byte[] Safetensors()
    {
        var header = """{"conv1.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""u8;
        return [.. BitConverter.GetBytes((long)header.Length), .. header, 0, 0, 0, 0];
    }
}
