using CnnService.Core.Common;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Onnx.Import;

/// <summary>
/// An imported file whose graph is kept, with the outputs of an export put at its end and its own beside them: OnnxRuntime can serve it,
/// and a translation into layers can be compared with it. What it gives was compared with what the file itself gives.
/// </summary>
/// <param name="File">The ONNX file.</param>
/// <param name="Choice">The output that is its answer, as it was found to be.</param>
internal sealed record ServedGraph(byte[] File, OutputChoice Choice)
{
    private const double Tolerance = 1e-4;

    /// <summary>Builds the file and tries it. Problems: <c>onnx.unreadable</c>, <c>onnx.too-large</c>.</summary>
    /// <param name="model">The imported file; not modified.</param>
    /// <param name="input">The image input.</param>
    /// <param name="choice">The output to serve.</param>
    /// <param name="trial">What the file gives.</param>
    /// <param name="notes">Receives what had to be done otherwise.</param>
    public static Outcome<ServedGraph> Create(
        ModelProto model, GraphInput input, OutputChoice choice, FileTrial trial, ICollection<string> notes)
    {
        Outcome<byte[]> Serve(OutputChoice end)
        {
            var free = InputDependence.DividesSizes(model.Graph) ? null : Build(model, input, end, trial, isFree: true);
            return free is { Succeeded: true } ? free : Build(model, input, end, trial, isFree: false).Map(file =>
            {
                notes.Add(input.FixedBatch > 0
                    ? $"The file fixes its batch at {input.FixedBatch}, and nothing else fits it: images are computed one by one."
                    : "Several images at once are not computed as each by itself: they are computed one by one.");
                return file;
            });
        }

        var served = Serve(choice);
        if (served.Succeeded)
        {
            return new ServedGraph(served.Value, choice);
        }

        var plain = choice.ByValues();
        return plain == choice ? served.Problem : Serve(plain).Map(file =>
        {
            notes.Add(
                $"The end of the output '{UntrustedName.Sanitize(choice.Output.Name)}' is not what it seems to be: it was held to the "
                + $"file's own values, and these are served as they are.");
            return new ServedGraph(file, plain);
        });
    }

    private static Outcome<byte[]> Build(ModelProto model, GraphInput input, OutputChoice choice, FileTrial trial, bool isFree)
    {
        var bare = model.Clone();
        if (isFree && input.FixedBatch > 0)
        {
            BatchFreeing.Free(bare.Graph, input.Name, input.FixedBatch);
        }

        ServedInput.Declare(bare.Graph, input, isFree ? 0 : input.Batch);
        if (!isFree && input.Batch > 1)
        {
            ServedInput.Repeat(bare.Graph, input.Batch);
        }

        var outputs = new ServedOutputs(bare, input, isFree);
        outputs.Add(choice, trial);
        ServedInput.SetVersion(bare);
        return TrialSession.Open(bare, input).Bind(session =>
        {
            using (session)
            {
                return Try(session, choice, trial, isFree);
            }
        }).Map(_ => bare.ToByteArray());
    }

    /// <summary>Holds the outputs to what the file gave: both trial images at once where the batch is free, else each.</summary>
    private static Outcome<Unit> Try(TrialSession session, OutputChoice choice, FileTrial trial, bool isFree)
    {
        int[] all = [.. Enumerable.Range(0, TrialImages.Count)];
        return Outcome.All((isFree ? [all] : all.Select(index => new[] { index })).Select(images => session.Run(images).Bind(values =>
            values.FirstOrDefault(value => !Agrees(value, images, choice, trial)) is { } other
                ? Problem.Unprocessable("onnx.unreadable",
                    $"The output '{UntrustedName.Sanitize(other.Name)}' is not what the file gives for each image by itself.")
                : Outcome.Success(default(Unit))))).Map(_ => default(Unit));
    }

    private static bool Agrees(TrialValue value, int[] images, OutputChoice choice, FileTrial trial)
    {
        if (choice.HasClasses && value.Name == OnnxExporter.Logits)
        {
            return value.Values!.Length == images.Length * choice.Output.Elements;
        }

        var isAnswer = choice.HasClasses && value.Name == OnnxExporter.Probabilities;
        var rows = isAnswer ? choice.Output.Values : trial.Find(value.Name)?.Values;
        return rows is null || images.Index().All(image =>
        {
            var row = value.Row(image.Index, images.Length);
            float[] own = isAnswer ? [.. rows[image.Item].Select(number => Probability(number, choice.End))] : rows[image.Item];
            var largest = Math.Max(1, own.Length == 0 ? 0 : own.Max(Math.Abs));
            return row.Length == own.Length
                && (isAnswer && choice.End == OutputEnd.Scores ? row.Sum() is > 0.99f and < 1.01f || row.Length == 1
                : row.Zip(own).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance * largest
                    || (float.IsNaN(pair.First) && float.IsNaN(pair.Second))));
        });
    }

    private static float Probability(float value, OutputEnd end) => end switch
    {
        OutputEnd.LogSoftmax => MathF.Exp(value),
        OutputEnd.Percentages => value / 100,
        _ => value,
    };
}
