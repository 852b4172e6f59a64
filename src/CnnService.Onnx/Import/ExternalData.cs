using CnnService.Core.Common;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Onnx.Import;

/// <summary>
/// Takes the tensors that lie in other files into the model, as PyTorch writes them since 2.9 (<c>model.onnx.data</c>). Only files that
/// were sent along are read, found by the last part of the name; a path in the model means nothing here.
/// </summary>
internal static class ExternalData
{
    private const string Code = "onnx.external-data";
    private const int MaxListed = 5;

    /// <summary>
    /// Problems: <c>onnx.external-data</c>, <c>onnx.too-large</c>, and those of <see cref="TensorReading.CountElements"/>.
    /// </summary>
    /// <param name="model">Modified: no tensor of the graph or of a function is external afterwards.</param>
    /// <param name="files">Paths by name.</param>
    /// <param name="maxBytes">Most bytes that all of its tensors may have.</param>
    /// <param name="notes">Receives a note on files that were not needed.</param>
    public static Problem? Load(
        ModelProto model, IReadOnlyDictionary<string, string> files, long maxBytes, ICollection<string> notes)
    {
        var regions = new List<ExternalRegion>();
        foreach (var tensor in Tensors(model).Where(TensorReading.IsExternal))
        {
            var region = ExternalRegion.Read(tensor);
            if (region.Problem is { } problem)
            {
                return problem;
            }

            regions.Add(region.Value);
        }

        Int128 bytes = 0;
        regions.ForEach(region => bytes += region.Length);
        if (bytes > maxBytes)
        {
            return Problem.Unprocessable("onnx.too-large", $"The model has {bytes} bytes in other files, at most {maxBytes} are taken.");
        }

        var byFile = regions.ToLookup(region => region.File, StringComparer.Ordinal);
        NoteUnused(files.Keys.Where(name => !byFile.Contains(name)), notes);
        return Missing(byFile, files) ?? byFile.Select(Overlap).FirstOrDefault(problem => problem is not null)
            ?? byFile.Select(file => Load(file.Key, [.. file], files[file.Key])).FirstOrDefault(problem => problem is not null);
    }

    private static IEnumerable<TensorProto> Tensors(ModelProto model) => model.Graph.Initializer.Concat(
        model.Graph.Node.Concat(model.Functions.SelectMany(function => function.Node)).SelectMany(node => node.Attribute)
        .SelectMany(attribute => attribute.T is null ? attribute.Tensors : attribute.Tensors.Append(attribute.T)));

    private static void NoteUnused(IEnumerable<string> names, ICollection<string> notes)
    {
        foreach (var name in names.Take(MaxListed))
        {
            notes.Add($"The file '{UntrustedName.Sanitize(name)}' was not needed: no tensor of the model lies in it.");
        }
    }

    private static Problem? Missing(ILookup<string, ExternalRegion> byFile, IReadOnlyDictionary<string, string> files)
    {
        var missing = byFile.Where(file => !files.ContainsKey(file.Key)).Select(file =>
            $"'{UntrustedName.Sanitize(file.Key)}' ({file.Count()} tensors, {file.Max(region => region.End)} bytes or more)").ToArray();
        return missing.Length == 0 ? null : Problem.Unprocessable(Code,
            $"The model's weights lie in other files, and missing is {Listing.First(missing, MaxListed)}; "
            + $"received beside it: "
            + $"{(files.Count == 0 ? "nothing" : string.Join(", ", files.Keys.Take(MaxListed).Select(UntrustedName.Sanitize)))}. Send "
            + $"each as a further part named file, under its own name, or all of them in one zip.");
    }

    /// <summary>Two tensors may share all of their bytes, as tied weights do, but not a part of them.</summary>
    private static Problem? Overlap(IEnumerable<ExternalRegion> file)
    {
        var ordered = file.Where(region => region.Length > 0).OrderBy(region => region.Offset).ThenBy(region => region.Length).ToArray();
        return ordered.Zip(ordered.Skip(1))
            .Where(pair => pair.Second.Offset < pair.First.End
                && (pair.First.Offset != pair.Second.Offset || pair.First.Length != pair.Second.Length))
            .Select(pair => Problem.Unprocessable(Code,
                $"The tensors '{UntrustedName.Sanitize(pair.First.Tensor.Name)}' and "
                + $"'{UntrustedName.Sanitize(pair.Second.Tensor.Name)}' share a part of their bytes in "
                + $"'{UntrustedName.Sanitize(pair.First.File)}': bytes {pair.First.Offset} to {pair.First.End} and "
                + $"{pair.Second.Offset} to {pair.Second.End}."))
            .FirstOrDefault();
    }

    private static Problem? Load(string name, ExternalRegion[] regions, string path)
    {
        using var stream = RegularFile.OpenRead(path);
        if (Array.Find(regions, region => region.End > stream.Length) is { } beyond)
        {
            return Problem.Unprocessable(Code,
                $"The file '{UntrustedName.Sanitize(name)}' must have {regions.Max(region => region.End)} bytes or more, but has "
                + $"{stream.Length}: the tensor '{UntrustedName.Sanitize(beyond.Tensor.Name)}' ends at byte {beyond.End}.");
        }

        foreach (var region in regions)
        {
            var bytes = new byte[region.Length];
            stream.Position = region.Offset;
            stream.ReadExactly(bytes);
            region.Tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
            region.Tensor.ExternalData.Clear();
            region.Tensor.ClearDataLocation();
        }

        return null;
    }
}
