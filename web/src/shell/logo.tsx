/** The envelope of Postrider. */
export function Logo({ size = 28 }: { size?: number }): React.ReactNode {
  return <img src="/favicon.svg" width={size} height={size} alt="" />;
}
