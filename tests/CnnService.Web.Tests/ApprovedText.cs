using CnnService.Tests.Shared;

namespace CnnService.Web.Tests;

/// <summary>
/// Texts that people have read and agreed to, beside these tests in <c>Approved</c>. To agree to a change, run the tests with
/// <c>CNNSERVICE_APPROVE=1</c> and commit the difference.
/// </summary>
internal static class ApprovedText
{
    private const string Approve = "CNNSERVICE_APPROVE";

    public static void Matches(string name, string actual)
    {
        var path = Path.Combine(Repository.Root, "tests", "CnnService.Web.Tests", "Approved", name);
        var text = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Approve) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return;
        }

        Assert.True(File.Exists(path), $"There is no approved {name}; read what {Approve}=1 writes, and commit it.");
        var approved = File.ReadAllLines(path);
        var lines = text.TrimEnd().Split('\n');
        var first = Enumerable.Range(0, Math.Max(approved.Length, lines.Length))
            .FirstOrDefault(i => i >= approved.Length || i >= lines.Length || approved[i] != lines[i], -1);
        Assert.True(first < 0, $"{name} differs from the approved one first in line {first + 1}: "
            + $"approved '{approved.ElementAtOrDefault(first)}', now '{lines.ElementAtOrDefault(first)}'. {Approve}=1 writes the new one.");
    }
}
