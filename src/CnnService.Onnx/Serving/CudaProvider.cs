using System.Text.RegularExpressions;
using CnnService.Core.Architecture;
using CnnService.Core.Models;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <summary>
/// ONNX Runtime's CUDA provider. That it can be appended to a session proves little: cuDNN is loaded by the first convolution, so a network
/// of one is run.
/// </summary>
internal static partial class CudaProvider
{
    private const string Name = "CUDAExecutionProvider";

    /// <summary>Whether this build of ONNX Runtime has the provider.</summary>
    public static bool IsBuiltIn => OrtEnv.Instance().GetAvailableProviders().Contains(Name);

    /// <summary>
    /// Adds the provider with its options: with them ONNX Runtime names the library that is missing, which it does not without.
    /// </summary>
    /// <exception cref="OnnxRuntimeException">It cannot be loaded.</exception>
    public static void Append(SessionOptions options, CudaSettings settings)
    {
        using var provider = new OrtCUDAProviderOptions();
        provider.UpdateOptions(settings.ToProviderOptions());
        options.AppendExecutionProvider_CUDA(provider);
    }

    /// <summary>Runs a network of one convolution. Null if that works; else why not, one sentence.</summary>
    public static string? FindFault(CudaSettings settings)
    {
        CudaLibraries.Preload(settings.LibraryPaths);
        var image = new InputSpec(8, 8, 3);
        var convolution = PreprocessingGraph.Create(image, Preprocessing.Create(NormalizationKind.Rescale, image.Channels, [], []));
        try
        {
            using var session = Sessions.Open(convolution, threads: 1, settings);
            using var run = new RunOptions();
            using var input = OrtValue.CreateTensorValueFromMemory(
                new byte[image.Shape.Elements], [1, image.Height, image.Width, image.Channels]);
            using var _ = session.Run(run, session.InputNames, [input], session.OutputNames);
            return null;
        }
        catch (OnnxRuntimeException fault)
        {
            return Explain(fault.Message, CudaLibraries.Missing());
        }
    }

    /// <summary>ONNX Runtime's message in one sentence for the operator of the service.</summary>
    /// <param name="message">The message of its exception.</param>
    /// <param name="missing">The libraries of CUDA that cannot be loaded on this host.</param>
    internal static string Explain(string message, IReadOnlyList<string> missing)
    {
        var named = Library().Matches(message).Select(match => match.Groups[1].Value);
        string[] names = [.. missing.Concat(named).Distinct(StringComparer.Ordinal)];
        var driver = names.Contains("libcuda.so.1") ? "; libcuda.so.1 is part of the driver" : string.Empty;
        return names.Length > 0
            ? $"this host lacks {string.Join(", ", names)} of CUDA 13 and cuDNN 9{driver}."
            : $"{Failure().Replace(message.Split('\n', 2)[0], string.Empty).Trim().TrimEnd('.')}.";
    }

    [GeneratedRegex(@"(lib[\w+-]+\.so[\w.]*): cannot open shared object file")]
    private static partial Regex Library();

    /// <summary>ONNX Runtime's own source position and code before the reason.</summary>
    [GeneratedRegex(@"^\[ErrorCode:\w+\]\s*|/\S*onnxruntime/\S+:\d+\s[^\[]*(?=CUDA failure)")]
    private static partial Regex Failure();
}
