using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Models.Quantization;

/// <summary>
/// A version's 8-bit network and the report on it, in a folder inside the version's. They are no part of the package, whose files never
/// change: the report names the file that it was made from, and the hash of the one beside it.
/// </summary>
public static class QuantizedFiles
{
    private const string Folder = "int8";
    private const string ReportFile = "report.json";
    private const int HashLetters = 16;

    /// <summary>Writes both, the report last; files of earlier ones are deleted. Returns the report as written.</summary>
    /// <param name="model">The version.</param>
    /// <param name="report">How the network compares.</param>
    /// <param name="file">The network; kept only where it was accepted.</param>
    public static QuantizationReport Write(LoadedModel model, QuantizationReport report, byte[] file)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(report);
        var folder = Path.Combine(model.Folder, Folder);
        Directory.CreateDirectory(folder);
        var hash = Convert.ToHexStringLower(SHA256.HashData(file));
        var written = report with { File = report.Accepted ? new($"{hash[..HashLetters]}.onnx", file.LongLength, hash) : null };
        if (written.File is { } kept)
        {
            DurableFile.Write(Path.Combine(folder, kept.Name), file);
        }

        DurableFile.Write(Path.Combine(folder, ReportFile), JsonSerializer.SerializeToUtf8Bytes(written, CoreJson.Indented));
        foreach (var old in Directory.EnumerateFiles(folder, "*.onnx").Where(path => Path.GetFileName(path) != written.File?.Name))
        {
            File.Delete(old);
        }

        return written;
    }

    /// <summary>The report on a version; null where there is none, or it is about another file.</summary>
    public static QuantizationReport? Read(LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var path = Path.Combine(model.Folder, Folder, ReportFile);
        var report = File.Exists(path)
            ? JsonSerializer.Deserialize<QuantizationReport>(RegularFile.ReadAllBytes(path), CoreJson.Options)
            : null;
        return report?.Source == model.Manifest.Files.First(file => file.Name == ModelPackage.OnnxFile).Sha256 ? report : null;
    }

    /// <summary>Path of the 8-bit network; null where none was accepted.</summary>
    public static string? Find(LoadedModel model) =>
        Read(model) is { Accepted: true, File: { } file } ? Path.Combine(model.Folder, Folder, Path.GetFileName(file.Name)) : null;

    /// <summary>
    /// The bytes of the 8-bit network if their SHA-256 is the report's. Problem codes: <c>quantization.not-accepted</c>,
    /// <c>model.corrupt</c>.
    /// </summary>
    public static Outcome<byte[]> ReadNetwork(LoadedModel model)
    {
        if (Read(model) is not { Accepted: true, File: { } file } || Find(model) is not { } path)
        {
            return NotAccepted(model);
        }

        byte[] bytes;
        try
        {
            bytes = RegularFile.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Corrupt(model, $"cannot be read ({failure.GetType().Name})");
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == file.Sha256
            ? bytes
            : Corrupt(model, "is not what its report says (SHA-256)");
    }

    /// <summary>The problem of a version that has no 8-bit network to serve or download.</summary>
    public static Problem NotAccepted(LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Problem.Conflict("quantization.not-accepted", Read(model) is { Accepted: false } report
            ? $"The 8-bit network of the {model.DisplayName} was not accepted. {report.Reason}"
            : $"The {model.DisplayName} has no 8-bit network: make one with POST /models/{model.Name}/versions/{model.Version}/quantize.");
    }

    private static Problem Corrupt(LoadedModel model, string why) => new(
        ProblemKind.Unavailable, ModelPackage.Corrupt, $"The 8-bit network of the {model.DisplayName} cannot be used: it {why}.");
}
