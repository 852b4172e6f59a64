using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Onnx.Export;

namespace CnnService.Onnx.Import;

/// <summary>The output that is the network's answer, chosen by evidence.</summary>
/// <param name="Output">The output, or the value that an ArgMax output chooses from.</param>
/// <param name="End">What its values are.</param>
/// <param name="Raw">The value before the function at its end; its own name where there is none.</param>
/// <param name="Classes">Number of classes, at least 2; 0 where nothing says that it chooses between classes.</param>
/// <param name="Evidence">Why, in words that go on a sentence.</param>
internal sealed record OutputChoice(GraphOutput Output, OutputEnd End, string Raw, int Classes, string Evidence)
{
    /// <summary>Number of ImageNet's classes: a network with as many values is taken for a classifier.</summary>
    private const int ImagenetClasses = 1000;

    /// <summary>Lengths that descriptions of images have, and hardly ever lists of classes.</summary>
    private static readonly int[] DescriptorLengths = [64, 128, 256, 512, 1024, 2048, 4096];

    private static readonly string[] ClassHints = ["prob", "softmax", "class", "label", "pred", "logit", "score"];
    private static readonly string[] OtherHints = ["embed", "feature", "descriptor", "box", "coord", "landmark", "mask", "anchor", "aux"];

    public bool HasClasses => Classes > 0;

    /// <summary>Several sigmoids: each class has a probability of its own, and they need not sum to 1.</summary>
    public bool IsMultiLabel => End == OutputEnd.Sigmoid && Classes > 0 && Output.Elements > 1;

    /// <summary>Problem: <c>onnx.output</c> where the output asked for does not exist, or is no list of values.</summary>
    /// <param name="ends">What the graph's outputs end in.</param>
    /// <param name="trial">What they gave.</param>
    /// <param name="classes">Number of class names, given or in the file; null: none.</param>
    /// <param name="wanted">The output asked for; null: none.</param>
    public static Outcome<OutputChoice> Find(OutputEnds ends, FileTrial trial, int? classes, string? wanted)
    {
        var candidates = trial.Outputs.Where(output => output is { IsVector: true, IsFloat: true, Values: not null })
            .Select(output => Judge(output, ends, classes)).ToArray();
        if (wanted is not null)
        {
            var name = trial.Find(wanted) is { IsFloat: false } ? ends.ChosenFrom(wanted) ?? wanted : wanted;
            return Array.Find(candidates, choice => choice.Choice.Output.Name == name) is { Choice: { } chosen }
                ? AsClasses(chosen)
                : Problem.Unprocessable("onnx.output", trial.Find(wanted) is null
                    ? $"The file has no output '{ReceivedText.Text(wanted)}'; its outputs are {List(trial.Outputs)}."
                    : $"The output '{ReceivedText.Text(wanted)}' is no list of one value a class; of its outputs, these are: "
                        + $"{List(candidates.Select(choice => choice.Choice.Output))}.");
        }

        return candidates.Length == 0
            ? new OutputChoice(trial.Outputs[0], OutputEnd.Scores, trial.Outputs[0].Name, NetworkSpecValidator.NoClasses,
                "no output is a list of one value a class")
            : candidates.MaxBy(choice => choice.Score).Choice;
    }

    /// <summary>The outputs with their dimensions, for messages.</summary>
    public static string List(IEnumerable<GraphOutput> outputs)
    {
        var named = outputs.Take(6).Select(output => $"'{UntrustedName.Sanitize(output.Name)}' [{string.Join(", ", output.Shape)}]");
        return string.Join(", ", named.DefaultIfEmpty("none"));
    }

    /// <summary>The choice where the values are what they seem, and not what the graph's nodes promise.</summary>
    public OutputChoice ByValues()
    {
        var end = OutputEnds.ByValues(Output);
        return this with { End = end, Raw = Output.Name, Classes = end == OutputEnd.Scores ? NetworkSpecValidator.NoClasses : Classes };
    }

    private static OutputChoice AsClasses(OutputChoice chosen) => chosen.HasClasses ? chosen : chosen with
    {
        Classes = Math.Max(2, (int)Math.Min(chosen.Output.Elements, NetworkLimits.Filters)),
        Evidence = "it was asked for",
    };

    private static (OutputChoice Choice, int Score) Judge(GraphOutput output, OutputEnds ends, int? classes)
    {
        var (end, raw) = ends.Find(output);
        var (count, score, evidence) = ((int)Math.Min(output.Elements, NetworkLimits.Filters + 1L), 0, "");
        var name = output.Name[(output.Name.LastIndexOf('/') + 1)..]; // Before it stand the modules that a value comes from.
        bool Has(string[] hints) => Array.Exists(hints, hint => name.Contains(hint, StringComparison.OrdinalIgnoreCase));
        void Add(bool holds, int points, string why)
        {
            score += holds ? points : 0;
            evidence = holds && evidence.Length == 0 ? why : evidence;
        }

        Add(output.Name == OnnxExporter.Probabilities, 60, "it is named probabilities");
        Add(count == classes || (count == 1 && classes == 2), 40, "it has one value for each label");
        Add(end is OutputEnd.Softmax or OutputEnd.LogSoftmax && count > 1, 30, $"it ends in a softmax over {count} values");
        Add(end is OutputEnd.Probabilities or OutputEnd.Percentages, 28, $"its {count} values always sum to one whole");
        Add(end == OutputEnd.Sigmoid, 25, count == 1 ? "it ends in a sigmoid" : $"it ends in {count} sigmoids, one a class");
        Add(count == ImagenetClasses, 20, "it has as many values as ImageNet has classes");
        Add(ends.IsDense(output.Name) && !DescriptorLengths.Contains(count) && count > 1, 10, "it ends in a dense layer");
        var isEvident = score > 0 && count <= NetworkLimits.Filters && (end == OutputEnd.Sigmoid || count > 1 || classes == 2);
        score += (Has(ClassHints) ? 5 : 0) - (Has(OtherHints) ? 30 : 0);
        var isWhole = end is OutputEnd.Softmax or OutputEnd.LogSoftmax or OutputEnd.Probabilities or OutputEnd.Percentages;
        var found = isEvident && (score > 0 || count == classes || isWhole);
        return (new(output, end, raw, found ? Math.Max(2, count) : NetworkSpecValidator.NoClasses,
            found ? evidence : "nothing says that its values are classes"), found ? score + 100 : score);
    }
}
