namespace CnnService.Benchmarks.Patterns;

/// <summary>Checks with what was wanted and what was measured, printed as they come.</summary>
internal sealed class CheckTable
{
    public int Missed { get; private set; }

    public static void Begin() => Console.WriteLine("| of | check | wanted | measured | |\n|---|---|---|---|---|");

    public void Add(string subject, string check, string wanted, string measured, bool isHeld)
    {
        Missed += isHeld ? 0 : 1;
        Console.WriteLine($"| {subject} | {check} | {wanted} | {measured} | {(isHeld ? "held" : "MISSED")} |");
    }
}
