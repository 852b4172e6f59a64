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

    public Outcome<TranslatedNetwork> Translate(OnnxSource source, ICollection<string> notes)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(notes);
        return OnnxFile.Read(source.Path, source.Companions, notes).Map(model => TemperatureRemoval.Apply(model, notes)).Bind(model =>
            GraphInput.Find(model.Graph).Bind(found => Translate(source, model, found, notes)));
    }

    private static Outcome<TranslatedNetwork> Translate(
        OnnxSource source, ModelProto model, GraphInput found, ICollection<string> notes)
    {
        var input = InputScaling.Fold(model.Graph, found, notes);
        var facts = new FileFacts(model, input.Image);
        facts = facts.Preprocessing is not null ? facts : new(model, input.Image)
        {
            MeanImage = MeanImageFolding.Fold(model.Graph, input, notes),
        };
        return FileTrial.Run(model, input).Bind(trial =>
            OutputChoice.Find(new(model.Graph), trial, source.Labels ?? facts.Classes?.Count, source.Output).Bind(choice =>
                ServedGraph.Create(model, input, choice, trial, notes).Bind(served =>
                    Translate(model, input, new(facts, input, trial, served, source.Labels, notes))
                        .Map(made => made with { FileInput = InputOf(found, input, facts) }))));
    }

    /// <summary>Null where the file's input was changed: values for the one are none for the other.</summary>
    private static FileInput? InputOf(GraphInput found, GraphInput input, FileFacts facts) =>
        found.Image == input.Image && facts.MeanImage is null
            ? new(UntrustedName.Sanitize(found.Name), found.IsChannelsLast, found.IsBytes)
            : null;

    public TranslatedNetwork AsGraph(TranslatedNetwork translated, UnsupportedNode reason)
    {
        ArgumentNullException.ThrowIfNull(translated);
        var network = translated.Network;
        var outputs = network.HasClasses ? network.Outputs : (int)network.Output.OutputShape.Elements;
        return translated with
        {
            Network = Resolve(network.Spec.Input, outputs, network.Classes, network.IsMultiLabel),
            Weights = new(),
            Unsupported = [reason],
            LayerNames = new Dictionary<string, string>(),
            FileOutputs = [.. translated.FileOutputs.Select(output => output with { ServedAs = output.Name })],
        };
    }

    private static Outcome<TranslatedNetwork> Translate(ModelProto model, GraphInput input, ImportContext told)
    {
        told.TellOutputs();
        var translation = GraphTranslation.Create(model, input, told.Choice);
        if (translation.Unsupported.Count > 0)
        {
            return Graph(told, [.. translation.Unsupported]);
        }

        return Finish(translation, told).Match(
            made => made with { Original = told.Served.File },
            problem => Graph(told, [new("the whole", UntrustedName.Sanitize(model.Graph.Name),
                problem.Errors.Values.FirstOrDefault()?[0] ?? problem.Detail)]));
    }

    private static Outcome<TranslatedNetwork> Graph(ImportContext told, UnsupportedNode[] unsupported)
    {
        var choice = told.Choice;
        var outputs = choice.HasClasses ? choice.Output.Elements : Math.Min(choice.Output.Elements, NetworkLimits.Elements);
        told.Notes.Add(
            $"No layer here stands for the operator {unsupported[0].Operation} (node "
            + $"'{unsupported[0].Node}': {unsupported[0].Reason}){(unsupported.Length > 1 ? $" and {unsupported.Length - 1} "
                + $"more" : "")}: the network is served through OnnxRuntime as it is; it cannot be looked into by layers, nor trained on.");
        if (!choice.HasClasses)
        {
            told.Notes.Add(
                $"Nothing of it is a choice between classes ({choice.Evidence}): its outputs, "
                + $"{OutputChoice.List(told.Trial.Outputs)}, are tensors to be asked for under /v2, and /classify refuses it.");
        }

        return new TranslatedNetwork(Resolve(told.Input.Image, (int)outputs, choice.Classes, choice.IsMultiLabel), new())
        {
            Architecture = Custom,
            Classes = told.Facts.Classes,
            Preprocessing = told.Preprocessing(),
            MeanImage = told.Facts.MeanImage,
            Original = told.Served.File,
            Unsupported = unsupported,
            FileOutputs = told.FileOutputs(output => output.Values is null ? null : output.Name),
        };
    }

    private static ResolvedNetwork Resolve(InputSpec input, int outputs, int classes, bool isMultiLabel) =>
        NetworkSpecValidator.Resolve(OnnxGraphLayer.Network(input, outputs, isMultiLabel), classes, new ValidationErrors())
        ?? throw new InvalidOperationException($"A graph of {outputs} outputs for {classes} classes breaks rules.");

    private static Outcome<TranslatedNetwork> Finish(GraphTranslation translation, ImportContext told)
    {
        var (builder, choice) = (translation.Builder, told.Choice);
        var head = translation.Result as ProbabilityOutput;
        if ((head?.Logits
            ?? translation.Result as LayerValue) is not { Order: not ValueOrder.FlatChannelsLast, Layer: not NetworkSpec.InputName } end
            || (end.IsChannelsLast && end.Shape.IsMap))
        {
            return LayerBuilder.Refuse("the output is no layer's value, channels first");
        }

        if (choice.HasClasses && head is null && choice.End is OutputEnd.Probabilities or OutputEnd.Percentages)
        {
            return LayerBuilder.Refuse("its values are probabilities of classes by another way than a softmax at its end");
        }

        if (choice.IsMultiLabel && head is null)
        {
            return LayerBuilder.Refuse("its sigmoids are not the end of its layers");
        }

        var last = head?.Layer is { } layer ? layer with { Inputs = [end.Layer] } : null;
        if (choice.HasClasses && end.Shape.IsMap)
        {
            last = null;
            var flat = builder.Draft.AddOrReplace(new FlattenLayer { Name = builder.ReserveName("flatten"), Inputs = [end.Layer] });
            end = flat.Succeeded ? new LayerValue(builder.Origins.Last().Key, flat.Value) : end;
        }

        if (!choice.HasClasses)
        {
            if (head is not null)
            {
                return LayerBuilder.Refuse("it ends in a softmax that is no choice between classes");
            }

            told.Notes.Add(told.Labels is null
                ? $"The network ends in features ({choice.Evidence}): it can be looked into, and classifies nothing."
                : $"The network's {end.Shape.Elements} values are no choice between the classes of the labels, which were left out: "
                    + $"{choice.Evidence}.");
        }

        return builder.Draft.Build(end.Layer, choice.Classes, last)
            .Bind<TranslatedNetwork>(network => new TranslatedNetwork(network, builder.WeightsOf(network))
            {
                Architecture = Custom,
                Classes = told.Facts.Classes,
                Preprocessing = told.Preprocessing(),
                MeanImage = told.Facts.MeanImage,
                FileOutputs = told.FileOutputs(output => told.ServedAs(output) ?? LayerOf(translation, network, output)),
                LayerNames = builder.Origins.Where(pair => pair.Key != pair.Value && network.Find(pair.Key) is not null)
                .ToDictionary(StringComparer.Ordinal),
            });
    }

    /// <summary>The layer of the network whose value an output is; null if there is none.</summary>
    private static string? LayerOf(GraphTranslation translation, ResolvedNetwork network, GraphOutput output) =>
        translation.Find(output.Name) is LayerValue { Order: ValueOrder.ChannelsFirst } value
        && value.Dims.Skip(1).SequenceEqual(output.Shape) && network.Find(value.Layer) is not null ? value.Layer : null;

    /// <summary>What is known about the network besides its graph.</summary>
    private sealed record ImportContext(
        FileFacts Facts, GraphInput Input, FileTrial Trial, ServedGraph Served, int? Labels, ICollection<string> Notes)
    {
        public OutputChoice Choice => Served.Choice;

        public Preprocessing? Preprocessing() => Input.IsBytes
            ? Core.Models.Preprocessing.Create(NormalizationKind.Rescale, Input.Image.Channels, [], []) with
            {
                Normalization = NormalizationKind.Custom,
                Scale = 1
            }
            : Facts.Preprocessing;

        public IReadOnlyList<FileOutput> FileOutputs(Func<GraphOutput, string?> servedAs) =>
            [.. Trial.Outputs.Select(output => new FileOutput(
                UntrustedName.Sanitize(output.Name), output.Shape, Choice.HasClasses && output == Choice.Output, servedAs(output)))];

        /// <summary>The output of the exported layers that gives what the file's output gives; null for others than the answer.</summary>
        public string? ServedAs(GraphOutput output) => !Choice.HasClasses || output != Choice.Output ? null : Choice.End switch
        {
            OutputEnd.Softmax or OutputEnd.Sigmoid => OnnxExporter.Probabilities,
            OutputEnd.Scores => OnnxExporter.Logits,
            _ => null,
        };

        /// <summary>Notes which output was taken where there are several, and that several sigmoids are no choice.</summary>
        public void TellOutputs()
        {
            var others = Trial.Outputs.Where(output => output != Choice.Output && Facts.IsForeign(output.Name)).ToArray();
            if (Choice.HasClasses && others.Length > 0)
            {
                Notes.Add(
                    $"The network's answer is '{UntrustedName.Sanitize(Choice.Output.Name)}': {Choice.Evidence}. Beside it: "
                    + $"{OutputChoice.List(others)}. The field output takes another one.");
            }

            if (Choice.IsMultiLabel)
            {
                Notes.Add(
                    $"Its {Choice.Output.Elements} sigmoids give each class a probability of its own (several can be right at once).");
            }
        }
    }
}
