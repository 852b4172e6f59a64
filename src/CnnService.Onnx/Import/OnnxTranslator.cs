using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <inheritdoc cref="IOnnxTranslator"/>
public sealed class OnnxTranslator : IOnnxTranslator
{
    private const string Custom = "custom";

    /// <summary>Number of ImageNet classes: a network with as many outputs is taken for a classifier.</summary>
    private const int ImagenetClasses = 1000;

    public Outcome<TranslatedNetwork> Translate(string path, int? labels, ICollection<string> notes) => OnnxFile.Read(path)
        .Map(model => TemperatureRemoval.Apply(model, notes)).Bind(model => GraphInput.Find(model.Graph, notes).Bind(input =>
        {
            var output = Output(model.Graph, notes);
            return ServedGraph.Create(model, InputDependence.DividesSizes(model.Graph) ? input with { HasFixedBatch = true } : input,
                output).Bind(served =>
            {
                var told = new ImportContext(model, input, labels, notes);
                var translation = GraphTranslation.Create(model, input, output);
                return translation.Unsupported.Count > 0
                    ? Graph(told, served, [.. translation.Unsupported])
                    : Finish(translation, told).Match(
                        made => made with { Original = served.File },
                        problem => Graph(told, served,
                            [new("the whole", UntrustedName.Sanitize(model.Graph.Name),
                                problem.Errors.Values.FirstOrDefault()?[0] ?? problem.Detail)]));
            });
        }));

    public TranslatedNetwork AsGraph(TranslatedNetwork translated, UnsupportedNode reason)
    {
        ArgumentNullException.ThrowIfNull(translated);
        var network = translated.Network;
        var outputs = network.HasClasses ? network.Outputs : (int)network.Output.OutputShape.Elements;
        return translated with
        {
            Network = Resolve(network.Spec.Input, outputs, network.Classes),
            Weights = new(),
            Unsupported = [reason],
            LayerNames = new Dictionary<string, string>(),
        };
    }

    /// <summary>The output named as in this service's own exports, else the first.</summary>
    private static string Output(GraphProto graph, ICollection<string> notes)
    {
        var output = graph.Output.FirstOrDefault(value => value.Name == OnnxExporter.Probabilities) ?? graph.Output[0];
        var others =
            graph.Output.Where(other => other != output && other.Name != OnnxExporter.Logits)
            .Select(other => $"'{UntrustedName.Sanitize(other.Name)}'").ToArray();
        if (others.Length > 0)
        {
            notes.Add(
                $"The network's answer is its output '{UntrustedName.Sanitize(output.Name)}'; left out: "
                + $"{string.Join(", ", others.Take(5))}{(others.Length > 5 ? ", …" : "")}.");
        }

        return output.Name;
    }

    private static Outcome<TranslatedNetwork> Graph(ImportContext told, ServedGraph served, UnsupportedNode[] unsupported)
    {
        var isClassifier = served.ProbabilitiesGiven || served.Outputs == told.Labels || served.Outputs == told.Classes?.Count
            || served.Outputs == ImagenetClasses;
        var classes = !isClassifier ? NetworkSpecValidator.NoClasses : served.Outputs == 1 ? 2 : served.Outputs;
        if (served.Outputs > NetworkLimits.Filters)
        {
            return Problem.Unprocessable("onnx.unsupported",
                $"{unsupported[0].Operation} (node '{unsupported[0].Node}') {unsupported[0].Reason}; and the network's "
                + $"{served.Outputs} values are no classes that it could be served for.");
        }

        told.Notes.Add(
            $"No layer here stands for the operator {unsupported[0].Operation} (node "
            + $"'{unsupported[0].Node}': {unsupported[0].Reason}){(unsupported.Length > 1 ? $" and {unsupported.Length - 1} "
                + $"more" : "")}: the network is served through OnnxRuntime as it is; it cannot be looked into by layers, nor trained on.");
        var empty = new TranslatedNetwork(Resolve(told.Input.Image, served.Outputs, classes), new())
        {
            Architecture = Custom,
            Classes = told.Classes,
            Preprocessing = told.Preprocessing(),
            Original = served.File,
            Unsupported = unsupported,
        };
        return empty;
    }

    private static ResolvedNetwork Resolve(InputSpec input, int outputs, int classes) =>
        NetworkSpecValidator.Resolve(OnnxGraphLayer.Network(input, outputs), classes, new ValidationErrors())
        ?? throw new InvalidOperationException($"A graph of {outputs} outputs for {classes} classes breaks rules.");

    private static Outcome<TranslatedNetwork> Finish(GraphTranslation translation, ImportContext told)
    {
        var builder = translation.Builder;
        var head = translation.Result as ProbabilityOutput;
        if ((head?.Logits
            ?? translation.Result as LayerValue) is not { Order: not ValueOrder.FlatChannelsLast, Layer: not NetworkSpec.InputName } end
            || (end.IsChannelsLast && end.Shape.IsMap))
        {
            return LayerBuilder.Refuse("the output is no layer's value, channels first");
        }

        var isClassifier = head is not null || IsClassifier(builder, end, told);
        var last = head?.Layer is { } layer ? layer with { Inputs = [end.Layer] } : null;
        if (isClassifier && end.Shape.IsMap)
        {
            last = null;
            var flat = builder.Draft.AddOrReplace(new FlattenLayer { Name = builder.ReserveName("flatten"), Inputs = [end.Layer] });
            end = flat.Succeeded ? new LayerValue(builder.Origins.Last().Key, flat.Value) : end;
        }

        var classes = !isClassifier ? NetworkSpecValidator.NoClasses : end.Shape.Channels == 1 ? 2 : end.Shape.Channels;
        if (!isClassifier)
        {
            told.Notes.Add(told.Labels is null
                ? "The network ends in features: it can be looked into, and classifies nothing."
                : $"The network's {end.Shape.Elements} values are no choice between classes (they end in no softmax, or are as many "
                    + $"sigmoids), so the labels were left out.");
        }

        return builder.Draft.Build(end.Layer, classes, last)
            .Bind<TranslatedNetwork>(network => new TranslatedNetwork(network, builder.WeightsOf(network))
            {
                Architecture = Custom,
                Classes = told.Classes,
                Preprocessing = told.Preprocessing(),
                LayerNames = builder.Origins.Where(pair => pair.Key != pair.Value && network.Find(pair.Key) is not null)
                .ToDictionary(StringComparer.Ordinal),
            });
    }

    /// <summary>
    /// Whether a network without a final softmax is a classifier: indicated by labels, a final dense layer, or the number of
    /// ImageNet classes.
    /// </summary>
    private static bool IsClassifier(LayerBuilder builder, LayerValue end, ImportContext told)
    {
        var (spec, count) = (builder.Draft.Find(end.Layer), end.Shape.Channels);
        if (end.Shape.Elements != count)
        {
            return false;
        }

        var isSigmoid = ActivationFunction.Create(spec!).Kind == ActivationKind.Sigmoid;
        return count == 1
            ? isSigmoid || (told.Labels ?? told.Classes?.Count) == 2
            : !isSigmoid && (count == told.Labels || count == told.Classes?.Count || count == ImagenetClasses || spec is DenseLayer);
    }

    /// <summary>What is known about the network besides its graph.</summary>
    private sealed record ImportContext(ModelProto Model, GraphInput Input, int? Labels, ICollection<string> Notes)
    {
        /// <summary>Class names as this service's own exports write them; null if there are none.</summary>
        public List<string>? Classes { get; } = Json<List<string>>(Model, OnnxExporter.ClassesKey) is { Count: >= 2 } classes
            && classes.All(ResourceName.IsClass) ? classes : null;

        public Preprocessing? Preprocessing()
        {
            var channels = Input.Image.Channels;
            if (Input.IsBytes)
            {
                return Core.Models.Preprocessing.Create(NormalizationKind.Rescale, channels, [], []) with
                {
                    Normalization = NormalizationKind.Custom,
                    Scale = 1
                };
            }

            return Core.Models.Preprocessing.FromMetadata(Text(Model, Core.Models.Preprocessing.MetadataKey), Input.Image);
        }

        private static T? Json<T>(ModelProto model, string key)
            where T : class
        {
            var text = Text(model, key);
            try
            {
                return text is null ? null : JsonSerializer.Deserialize<T>(text, CoreJson.Options);
            }
            catch (JsonException)
            {
                return null; // Not written by this service: ignored.
            }
        }

        private static string? Text(ModelProto model, string key) =>
            model.MetadataProps.LastOrDefault(entry => entry.Key == key)?.Value;
    }
}
