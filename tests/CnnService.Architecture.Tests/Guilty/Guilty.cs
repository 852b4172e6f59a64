#pragma warning disable CA1812, CA1852 // These types break the rules on purpose.
namespace CnnService.Guilty.Persistence
{
    internal class UnsealedClass;

    internal sealed class UsesAFeature
    {
        public static string Broken() => typeof(Features.Train.TrainThing).Name;
    }
}

namespace CnnService.Guilty.Features.Train
{
    internal sealed class TrainThing;
}

namespace CnnService.Guilty.Features.Runs
{
    /// <summary>Sees another feature folder.</summary>
    internal sealed class RunThing
    {
        public Train.TrainThing? Stranger { get; set; }
    }
}

namespace CnnService.Guilty.Circle.One
{
    internal sealed class A
    {
        public Two.B? Next { get; set; }
    }
}

namespace CnnService.Guilty.Circle.Two
{
    internal sealed class B
    {
        public static object Back() => new One.A();
    }
}

namespace CnnService.Guilty.Shape
{
    /// <summary>No section, no empty constructor, no validation.</summary>
    internal sealed class LawlessOptions(int limit)
    {
        public int Limit { get; } = limit;
    }

    /// <summary>A public signature that names a package's type.</summary>
    public sealed class Leaky
    {
        public static Mono.Cecil.ModuleDefinition? Module => null;
    }
}
