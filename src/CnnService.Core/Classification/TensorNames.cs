namespace CnnService.Core.Classification;

/// <summary>Names of inputs and outputs, where an imported file's own come first.</summary>
public static class TensorNames
{
    private const string Prefix = "cnnservice_";

    /// <summary>The name itself where it is free, else with a prefix.</summary>
    /// <param name="name">A name that this service gives.</param>
    /// <param name="taken">Names of the file.</param>
    public static string Beside(string name, IEnumerable<string> taken) => taken.Contains(name) ? $"{Prefix}{name}" : name;
}
