using System.Reflection;
using System.Runtime.CompilerServices;
using CnnService.Architecture.Tests.Rules;

namespace CnnService.Architecture.Tests;

/// <summary>The product under test: its assemblies, types and source files.</summary>
internal static class Product
{
    public static Assembly Core { get; } = Load("CnnService.Core");

    public static Assembly Imaging { get; } = Load("CnnService.Imaging");

    public static Assembly Torch { get; } = Load("CnnService.Torch");

    public static Assembly Onnx { get; } = Load("CnnService.Onnx");

    public static Assembly Web { get; } = Load("CnnService.Web");

    public static Assembly Cli { get; } = Load("cnn");

    public static Assembly Client { get; } = Load("CnnService.Client");

    public static Assembly Studio { get; } = Load("CnnService.Studio");

    public static IReadOnlyList<Assembly> All { get; } = [Core, Imaging, Torch, Onnx, Web, Cli, Client, Studio];

    /// <summary>The project's name; the assembly of the command line is named as it is called.</summary>
    public static string NameOf(Assembly assembly) => assembly == Cli ? "CnnService.Cli" : assembly.GetName().Name!;

    public static IReadOnlyList<CodeType> Types(params Assembly[] assemblies) =>
        [.. assemblies.SelectMany(assembly => CodeType.In(assembly.Location))];

    /// <summary>Every source file of src and tests that people wrote, with its path under the root.</summary>
    public static IEnumerable<(string Name, string Text)> Sources()
    {
        var root = Root();
        return from folder in new[] { "src", "tests" }
               from path in Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)
               let name = Path.GetRelativePath(root, path).Replace('\\', '/')
               where !name.Contains("/obj/") && !name.Contains("/bin/") && !name.Contains("/Migrations/")
               select (name, File.ReadAllText(path));
    }

    /// <summary>The scripts of the page.</summary>
    public static IEnumerable<(string Name, string Text)> Scripts() =>
        from path in Directory.EnumerateFiles(Path.Combine(Root(), "src", "CnnService.Studio", "wwwroot", "js"), "*.js")
        select (Path.GetRelativePath(Root(), path).Replace('\\', '/'), File.ReadAllText(path));

    /// <summary>The project files of src.</summary>
    public static IEnumerable<ProjectFile> Projects() =>
        from path in Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.csproj", SearchOption.AllDirectories)
        select ProjectFile.Read(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path));

    public static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    private static Assembly Load(string name) => Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
}
