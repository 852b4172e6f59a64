using CnnService.Core.Common;
using CnnService.Core.Importing;
using CnnService.Core.Models;
using CnnService.Imaging;
using CnnService.Onnx;
using CnnService.Torch;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Cli.Commands;

/// <summary>The engines for one command, and how commands tell problems.</summary>
internal static class Engines
{
    private const int Failed = 1;

    /// <summary>Everything but a server; pictures decoded for training are kept under <paramref name="pixelCache"/>.</summary>
    public static ServiceProvider Create(string? pixelCache = null) => new ServiceCollection()
        .AddLogging()
        .AddImaging().AddTorch().AddOnnx()
        .AddSingleton<ModelImporter>()
        .Configure<ImagingOptions>(options => options.PixelCacheFolder = pixelCache ?? Path.Combine(Path.GetTempPath(), "cnn-pixels"))
        .BuildServiceProvider();

    /// <summary>A model folder as <c>train</c> writes it.</summary>
    public static Outcome<LoadedModel> Model(DirectoryInfo folder) => folder.Exists
        ? ModelPackage.Load(folder.Name, 1, folder.FullName)
        : Problem.NotFound("folder.not-found", $"There is no folder '{folder.FullName}'.");

    /// <summary>Prints a problem with all its broken rules; the exit code.</summary>
    public static int Fail(Problem problem)
    {
        Console.Error.WriteLine($"{problem.Code}: {problem.Detail}");
        foreach (var (path, rules) in problem.Errors)
        {
            Console.Error.WriteLine($"  {path}: {string.Join("; ", rules)}");
        }

        return Failed;
    }
}
