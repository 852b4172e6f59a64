using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>
/// Builds a network from an architecture and weights. Layers whose weights are missing are left out: no imported network contains
/// untrained weights.
/// </summary>
internal static class SafetensorsTranslation
{
    /// <summary>
    /// Problem codes: <c>request.invalid</c>, those of <see cref="SafetensorsFile"/> and <see cref="WeightImport"/>,
    /// <c>weights.none-fit</c>.
    /// </summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="named">Name of a preset or a network in JSON; null: none was given.</param>
    /// <param name="labels">Number of class names given; null: none.</param>
    /// <param name="notes">Receives what was assumed or left out.</param>
    public static Outcome<TranslatedNetwork> Read(string file, string? named, int? labels, List<string> notes)
    {
        if (string.IsNullOrWhiteSpace(named))
        {
            var errors = new ValidationErrors();
            errors.Add("architecture",
                $"must be given with weights alone: one of {string.Join(", ", PresetCatalog.Names)}, or a network in JSON");
            return Problem.Validation(errors);
        }

        return SafetensorsFile.Read(file).Bind(content =>
            Parse(named).Bind(architecture => Fill(architecture, content, labels, notes)));
    }

    private static Outcome<ArchitectureChoice> Parse(string text)
    {
        var errors = new ValidationErrors();
        return errors.ToOutcome(ArchitectureChoice.Parse(text, errors.At("architecture")));
    }

    private static Outcome<TranslatedNetwork> Fill(
        ArchitectureChoice architecture, SafetensorsContent content, int? labels, List<string> notes)
    {
        var classes = labels ?? architecture.Preset?.DefaultClasses ?? 2;
        return TryFill(architecture, content, classes).Bind(filled =>
        {
            // Weights of another number of classes show it in the shape of their last layer.
            var told = labels is null ? ClassesFromHead(filled) : null;
            return told is null ? filled : TryFill(architecture, content, told.Value);
        }).Bind(filled => Complete(filled, architecture.Name,
            Preprocessing.FromMetadata(content.Metadata.GetValueOrDefault(Preprocessing.MetadataKey), filled.Network.Spec.Input), notes));
    }

    private static Outcome<ImportedWeights> TryFill(ArchitectureChoice architecture, SafetensorsContent content, int classes)
    {
        var errors = new ValidationErrors();
        var spec = architecture.Create(classes);
        return errors.ToOutcome(NetworkSpecValidator.Resolve(spec, Classes(spec, classes), errors))
            .Bind(network => WeightImport.Map(new WeightImportRequest(content.Weights, network)
            {
                Unread = content.Unread,
                Types = content.Types,
            }));
    }

    /// <summary>The number of classes of a custom network: the units of its last layer; none where it ends in a map or features.</summary>
    private static int Classes(NetworkSpec spec, int classes) =>
        spec.Layers.LastOrDefault(layer => layer is not (ActivationLayer or DropoutLayer)) switch
        {
            DenseLayer { Units: { FollowsClasses: false, Count: var units } } => Math.Max(2, units),
            DenseLayer => classes,
            GlobalPoolingLayer or FlattenLayer when spec.Layers.OfType<Conv2dLayer>().LastOrDefault()?.Filters == classes => classes,
            _ => NetworkSpecValidator.NoClasses,
        };

    private static int? ClassesFromHead(ImportedWeights filled)
    {
        var head = filled.Network.Layers.LastOrDefault(layer => layer.Parameters > 0)?.Name;
        var mismatch = filled.Report.Mismatches.FirstOrDefault(mismatch => mismatch.Name == $"{head}.weight");
        return mismatch is { SourceShape: [>= 2 and var rows, ..] } && mismatch.SourceShape.Skip(1).SequenceEqual(mismatch.Shape.Skip(1))
            ? rows
            : null;
    }

    /// <param name="filled">The network with what the file has for it.</param>
    /// <param name="architecture">A preset's name, or custom.</param>
    /// <param name="own">The preprocessing in the file; null: none.</param>
    /// <param name="notes">Receives what was left out.</param>
    private static Outcome<TranslatedNetwork> Complete(
        ImportedWeights filled, string architecture, Preprocessing? own, List<string> notes)
    {
        var preprocessing = PublishedPreprocessing.Choose(own, filled);
        if (filled.Report.IsComplete)
        {
            return new TranslatedNetwork(filled.Network, filled.Weights)
            {
                Architecture = architecture,
                Preprocessing = preprocessing,
                Report = filled.Report,
            };
        }

        var lacking = filled.Network.Layers
            .Where(layer => NetworkTensor.List(layer).Any(tensor => filled.Report.Missing.Any(missing => missing.Name == tensor.Name)))
            .Select(layer => layer.Name)
            .ToHashSet(StringComparer.Ordinal);
        if (TruncatedNetwork.Create(filled.Network, lacking) is not { } part)
        {
            return Problem.Unprocessable("weights.none-fit", UnfitMessage(filled.Report));
        }

        notes.Add(
            $"The file lacks the weights of {lacking.Count} layers ({Listing.First(lacking, 5)}): the network was cut after "
            + $"'{part.Output.Name}', so it has no classes. It can be looked into and started from.");
        return new TranslatedNetwork(part, Translate(part, filled.Weights))
        {
            Architecture = architecture,
            Preprocessing = preprocessing,
            Report = filled.Report,
        };
    }

    private static NamedWeights Translate(ResolvedNetwork part, NamedWeights weights)
    {
        var needed = new NamedWeights();
        foreach (var tensor in NetworkTensor.List(part))
        {
            needed.Add(tensor.Name, weights[tensor.Name]);
        }

        return needed;
    }

    private static string UnfitMessage(WeightImportReport report) =>
        $"The weights of at least the first layer must fit the architecture, but none does. Needed: "
        + $"{JoinFirst(report.Missing.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]"))}. "
        + $"In the file: {JoinFirst(report.Unused.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]"))}.";

    private static string JoinFirst(IEnumerable<string> names) =>
        string.Join(", ", names.Take(5)) is { Length: > 0 } some ? some : "nothing";
}
